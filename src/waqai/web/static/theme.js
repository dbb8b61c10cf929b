(()=>{try{let t=localStorage.getItem("waqai-theme");(t==="dark"||t==="light")&&(document.documentElement.dataset.theme=t)}catch{}document.documentElement.classList.add("has-js");})();
